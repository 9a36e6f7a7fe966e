// Writes the golden JSON Schemas of everything on the wire. Run it after a compatible change and commit what it writes.
import { mkdir, writeFile } from 'node:fs/promises';
import { wireSchemas } from '@uno/workflow-contracts/testing';

const directory = new URL('../snapshots/', import.meta.url);
await mkdir(directory, { recursive: true });
for (const [name, schemas] of Object.entries(wireSchemas())) {
  await writeFile(new URL(`${name}.json`, directory), `${JSON.stringify(schemas, null, 2)}\n`);
}
