// Writes the golden JSON Schema of the enrich config. Run it after a compatible change and commit what it writes.
import { writeFile } from 'node:fs/promises';
import { enrichConfig } from '@uno/enrich-contract';
import { schemasOf } from '@uno/workflow-contracts/testing';

const file = new URL('../snapshots/enrich-config.v1.json', import.meta.url);
await writeFile(file, `${JSON.stringify(schemasOf({ enrichConfig }), null, 2)}\n`);
