import { normaliseLookupKey } from '../data/lookup-key.js';

export const CRM_OBJECTS = ['companies', 'contacts'] as const;
export type CrmObject = (typeof CRM_OBJECTS)[number];

/** What an account of HubSpot knows about one kind of record. */
export interface CrmObjectType {
  /** HubSpot's id of the kind, as its messages name it. */
  readonly typeId: string;
  readonly label: string;
  /** Properties marked unique: what a record can be found by. */
  readonly unique: readonly string[];
  /** Without these a read shows nothing else. */
  readonly shown: readonly string[];
  readonly properties: ReadonlySet<string>;
}

/** Custom properties of this account; all of them are text. */
const CUSTOM = ['uno_key', 'uno_summary', 'uno_segment', 'uno_signal', 'uno_score', 'uno_notes'];
const SHARED = [
  ...['address', 'city', 'state', 'zip', 'country', 'phone', 'website', 'industry', 'annualrevenue'],
  ...['lifecyclestage', 'hubspot_owner_id'],
];

export const CRM_OBJECT_TYPES: Readonly<Record<CrmObject, CrmObjectType>> = {
  companies: {
    typeId: '0-2',
    label: 'COMPANY',
    // `domain` is not unique in a new account of HubSpot: it was marked so in this one.
    unique: ['domain', 'uno_key'],
    shown: ['domain', 'name'],
    properties: new Set([
      ...['name', 'domain', 'description', 'about_us', 'numberofemployees', 'founded_year', 'type', 'timezone'],
      ...['linkedin_company_page', 'linkedinbio', 'twitterhandle', 'is_public'],
      ...SHARED,
      ...CUSTOM,
    ]),
  },
  contacts: {
    typeId: '0-1',
    label: 'CONTACT',
    unique: ['email', 'uno_key'],
    shown: ['email', 'firstname', 'lastname'],
    properties: new Set([
      ...['email', 'firstname', 'lastname', 'jobtitle', 'company', 'mobilephone', 'salutation', 'seniority'],
      ...['job_function', 'numemployees', 'hs_lead_status', 'message'],
      ...SHARED,
      ...CUSTOM,
    ]),
  },
};

/** The form in which a property is kept: addresses and host names bare and in lower case, nothing instead of an empty text. */
export function storedValue(property: string, value: string | number | boolean): string | null {
  if (value === '') return null;
  const text = String(value);
  return property === 'email' || property === 'domain' ? normaliseLookupKey(text) : text;
}
