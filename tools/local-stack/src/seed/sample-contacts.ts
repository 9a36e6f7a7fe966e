/** A contact of the sample list. The domains end in `.example`, which belongs to nobody. */
export interface SampleContact {
  readonly name: string;
  readonly email: string;
  readonly company: string;
  readonly domain: string;
}

const FIRST_NAMES = [
  ...['Ada', 'Bao', 'Celia', 'Dario', 'Edda', 'Farid', 'Greta', 'Hana', 'Ivo', 'Jelena', 'Kofi', 'Lina'],
  ...['Mateo', 'Nadia', 'Oskar', 'Priya', 'Quinn', 'Rosa', 'Sami', 'Tilda', 'Umar', 'Vera', 'Wim', 'Yuki'],
];

/** Made up: names of places that do not exist, so that nobody in particular is meant. */
const LAST_NAMES = [
  ...['Amberlock', 'Brightmere', 'Coldharrow', 'Dunwillow', 'Elmsreach', 'Fernhollow', 'Glasswater', 'Hazelmoor'],
  ...['Inkwater', 'Juniperfold', 'Kestrelby', 'Larkenfield', 'Mistlegate', 'Northwillow', 'Oakenreed', 'Pinemarrow'],
];

const COMPANIES = [
  ...['Bluefern Robotics', 'Cloudberry Freight', 'Copperline Health', 'Dandelion Energy Works', 'Ember Analytics'],
  ...['Foxglove Payments', 'Granite Mobility', 'Harbourlight Media', 'Indigo Farming', 'Juniper Security Labs'],
  ...['Kitefield Insurance', 'Lanternfish Games', 'Maplewise Learning', 'Nimbus Packaging', 'Opaline Optics'],
];

const CONTACTS = 240;

/** The sample contacts: the same at every start, no two with one address, a few at each company. */
export const SAMPLE_CONTACTS: readonly SampleContact[] = Array.from({ length: CONTACTS }, (_, index) => {
  const first = pick(FIRST_NAMES, index);
  // Moves on by one with each round of first names, so that no pair comes twice.
  const last = pick(LAST_NAMES, index + Math.floor(index / FIRST_NAMES.length));
  const company = pick(COMPANIES, index * 7);
  const domain = `${company.toLowerCase().replaceAll(' ', '-')}.example`;
  return { name: `${first} ${last}`, email: `${first}.${last}@${domain}`.toLowerCase(), company, domain };
});

function pick(words: readonly string[], index: number): string {
  return words[index % words.length] ?? '';
}
