"""What each dimension of the vector of an opening adds to the log-odds of a border (`chapter_openings`): 384 numbers of
a byte each, half a kilobyte. Fitted to chapters by people and topics of summaries of 127 Chinese recordings, by way of
16 principal components of multilingual-e5-small, with its prefix for questions: docs/design/exploration.md.
"""

from array import array
from base64 import b64decode

_UNIT = 0.02789
_NUMBERS = (
    "JxAPU/Xk2/vs7hazKMsj9QXr4ALo+wz18tog+/oFMhT+5SD36REBFyPrBqr/ZwT+hOmy/G8WBicc8Dg/CgRWEvCB6+fCDEbTAw4A"
    "Aq7WLjS6FS3J6BzzJ0sDL/XpNg745Bv7LRhsQ8ex/67VVeMbS/0hIdUUrir/OA/41Qe4+v8r3aQDLRMB1QIiSDoCQQDtECE83Kom"
    "FBvgDvAoNkEG8xDbBtQWJN362R7R/JzyDxgF7i8dnMYp8JbxJ/nMBjAN30XZKBMIBv+tHATfxg8jEBcZGez8EycKnhlmHuPc6Bjp"
    "tcwdCQ/YFdPS5wgT+r1A8+cSEREElBIrAE4MzAISNAcL8gy7Csf/Fw8IWPLe+Leo2CrrHjHV/FFK6ejT9O0q8JoO9Qc6Iv/0EOjX"
    "2nmwAtj6/ScDL//0AjHwzw2qtxnF8Ofz9Qq8+AFZ0vsA2AqgE/z3Kd4sFPoeD54hE+C/1QImFPI0B9wl3SUn39oQO8gf//E419Cp"
    "NF4vHff4NCkN"
)
WEIGHTS = [_UNIT * number for number in array("b", b64decode(_NUMBERS))]
