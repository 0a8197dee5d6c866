/**
 * States and provinces by name, chosen and not typed; what is stored is US-OR. The same list as the server's, and a test holds
 * the two together.
 */
const COUNTRIES = {
  US: "the United States",
  CA: "Canada",
  GB: "the United Kingdom",
  IE: "Ireland",
  AU: "Australia",
  NZ: "New Zealand",
} as const;
const STATES = {
  US:
    "AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, " +
    "DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, " +
    "KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, " +
    "MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, " +
    "NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, " +
    "PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, " +
    "VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming, PR Puerto Rico, GU Guam, " +
    "VI Virgin Islands, AS American Samoa, MP Northern Mariana Islands",
  CA:
    "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia, " +
    "NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, " +
    "YT Yukon",
  AU:
    "ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD Queensland, " +
    "SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia",
  GB: "ENG England, NIR Northern Ireland, SCT Scotland, WLS Wales",
} as const;

type Option = readonly [code: string, name: string];
const codes = Object.keys as <Key extends string>(of: Record<Key, string>) => Key[];

/** Those of the United States first, the rest with their country, then countries where one law or licence holds in all of it. */
export const REGIONS: readonly Option[] = [
  ...codes(STATES).flatMap((country) =>
    STATES[country].split(", ").map((state): Option => {
      const [code = "", ...words] = state.split(" ");
      const name = words.join(" ");
      return [`${country}-${code}`, country === "US" ? name : `${name} (${COUNTRIES[country]})`];
    }),
  ),
  ...codes(COUNTRIES).map((country): Option => [country, `All of ${COUNTRIES[country]}`]),
];

/** A region that was stored and is not on the list stays choosable, or a change of the rest would lose it. */
export const regionsWith = (stored: string | undefined, name = stored): readonly Option[] =>
  stored && name && !REGIONS.some(([code]) => code === stored) ? [[stored, name], ...REGIONS] : REGIONS;
