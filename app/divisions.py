"""States, provinces and territories, so that "Oregon", "oregon" and "OR" are one. Pure."""

import re
import unicodedata

_DIVISIONS = {
    "US": (
        "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
        "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
        "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
        "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
        "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,"
        "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
        "WV West Virginia,WI Wisconsin,WY Wyoming,PR Puerto Rico,GU Guam,VI Virgin Islands,AS American Samoa,"
        "MP Northern Mariana Islands"
    ),
    "CA": (
        "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,"
        "NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon"
    ),
    "AU": (
        "ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,"
        "SA South Australia,TAS Tasmania,VIC Victoria,WA Western Australia"
    ),
    "GB": "ENG England,NIR Northern Ireland,SCT Scotland,WLS Wales",
}
NAMES = {
    country: dict(part.split(" ", 1) for part in listed.split(",")) for country, listed in _DIVISIONS.items()
}


COUNTRIES = {
    "US": "the United States",
    "CA": "Canada",
    "GB": "the United Kingdom",
    "IE": "Ireland",
    "AU": "Australia",
    "NZ": "New Zealand",
}


def region_name(region: str) -> str:
    """US-OR as a person reads it, inside a sentence: Oregon. A place we do not know keeps its code, never a guess."""
    country, _, state = region.partition("-")
    if not state:
        return COUNTRIES.get(country, region)
    return NAMES.get(country, {}).get(state, region)


def plain(text: str) -> str:
    """For comparing names of places: no case, accents or punctuation; Saint is St."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[^a-z0-9]+", " ", bare).split()
    return " ".join("st" if word == "saint" else word for word in words)


_CODES = {
    country: {plain(name): code for code, name in names.items()} | {plain(code): code for code in names}
    for country, names in NAMES.items()
}


def state_code(country: str, typed: str) -> str:
    """The code of a state however it was typed; what is not known stays as it was, in capitals when it is short."""
    typed = typed.strip()
    known = _CODES.get(country, {}).get(plain(typed))
    return known or (typed.upper() if len(typed) <= 3 else typed)


def is_state(country: str, code: str) -> bool:
    """Countries whose divisions we do not list take any."""
    return country not in NAMES or code in NAMES[country]


def county_name(county: str) -> str:
    """Harrow County, Harrow Parish and Harrow are one county when compared."""
    return re.sub(r" (county|parish|borough|census area|municipio|municipality)$", "", plain(county))
