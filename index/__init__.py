"""Documents in; a complete, checksummed snapshot on disk out, and the means to look things up in it.

Imports `corpus`; knows no questions, no ranking and no HTTP.
"""

import os

# ONNX Runtime from 1.29 on reports to its maker, and writes down an identifier of the machine, unless this is set
# before it is loaded (https://github.com/microsoft/onnxruntime/pull/27379). Child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
