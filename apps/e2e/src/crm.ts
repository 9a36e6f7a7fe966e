import { send } from '@uno/local-stack';
import { sandbox } from './sandbox.js';
import { readCredentials } from './stack-home.js';

/** The route by which companies are written. */
export const CRM_UPSERT = '/crm/v3/objects/companies/batch/upsert';
const INPUTS_PER_CALL = 100;

export type CrmProperties = Readonly<Record<string, string>>;

/** A company as the CRM holds it; properties without a value are left out. */
export interface CrmCompany {
  readonly id: string;
  readonly properties: CrmProperties;
}

/** The CRM, as somebody uses it who knows nothing of the product. Companies are known by their domain. */
export const crm = {
  /** Creates or changes companies. */
  async write(companies: ReadonlyMap<string, CrmProperties>): Promise<void> {
    const inputs = [...companies].map(([domain, properties]) => ({ id: domain, idProperty: 'domain', properties }));
    for (let from = 0; from < inputs.length; from += INPUTS_PER_CALL) {
      const body = { inputs: inputs.slice(from, from + INPUTS_PER_CALL) };
      const { sandboxUrl } = readCredentials();
      await send({ method: 'POST', url: `${sandboxUrl}${CRM_UPSERT}`, key: 'sandbox-hubspot', body });
    }
  },

  /**
   * All companies that are not archived, by domain.
   *
   * @throws when two have one domain.
   */
  async companies(): Promise<Map<string, CrmCompany>> {
    const companies = new Map<string, CrmCompany>();
    for (const { id, object, archived, properties } of await sandbox.crmRecords()) {
      if (archived || object !== 'companies') continue;
      const known = Object.entries(properties).filter((entry): entry is [string, string] => entry[1] !== null);
      const domain = properties['domain'] ?? '';
      if (companies.has(domain)) throw new Error(`The CRM holds ${domain} twice`);
      companies.set(domain, { id, properties: Object.fromEntries(known) });
    }
    return companies;
  },
};
