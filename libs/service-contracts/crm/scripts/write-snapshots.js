// Writes the golden JSON Schema of the CRM config. Run it after a compatible change and commit what it writes.
import { writeFile } from 'node:fs/promises';
import { crmConfig } from '@uno/crm-contract';
import { schemasOf } from '@uno/workflow-contracts/testing';

const file = new URL('../snapshots/crm-config.v1.json', import.meta.url);
await writeFile(file, `${JSON.stringify(schemasOf({ crmConfig }), null, 2)}\n`);
