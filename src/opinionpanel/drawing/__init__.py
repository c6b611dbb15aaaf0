"""What charts are made of: marks, letters, colours, languages; and the files they are saved as."""

import lazy_loader

# To draw a first chart takes a part of this: names are loaded when they are first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
