// Writes the golden JSON Schema of the AI config. Run it after a compatible change and commit what it writes.
import { writeFile } from 'node:fs/promises';
import { aiConfig } from '@uno/ai-contract';
import { schemasOf } from '@uno/workflow-contracts/testing';

const file = new URL('../snapshots/ai-config.v1.json', import.meta.url);
await writeFile(file, `${JSON.stringify(schemasOf({ aiConfig }), null, 2)}\n`);
