// Writes the golden JSON Schema of the signals config. Run it after a compatible change and commit what it writes.
import { writeFile } from 'node:fs/promises';
import { signalsConfig } from '@uno/signals-contract';
import { schemasOf } from '@uno/workflow-contracts/testing';

const file = new URL('../snapshots/signals-config.v1.json', import.meta.url);
await writeFile(file, `${JSON.stringify(schemasOf({ signalsConfig }), null, 2)}\n`);
