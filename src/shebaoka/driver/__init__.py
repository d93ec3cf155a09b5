"""The interfaces others already call (读写终端接口): the functions of SSCardDriver (LD/T 33-2015) over any
reader, and a local reader service (读卡服务) that offers them to web pages."""

from pathlib import Path
from typing import Final

STATIC_FILES: Final = Path(__file__).parent / "static"
"""Files for web pages: ``shebaoka-reader.js``, the client of the reader service."""
