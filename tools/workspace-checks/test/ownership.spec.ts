import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCodeOwners } from '../src/code-owners.js';
import { listRepositoryFiles, readTextFiles, REPOSITORY_ROOT } from '../src/repository.js';
import { findServiceNames } from '../src/service-names.js';

const paths = listRepositoryFiles();
const foldersUnder = (parent: string): string[] => [
  ...new Set(
    paths.filter((path) => path.startsWith(parent)).map((path) => path.slice(parent.length).split('/')[0] ?? ''),
  ),
];

describe('who owns what', () => {
  const owners = parseCodeOwners(readFileSync(join(REPOSITORY_ROOT, '.github/CODEOWNERS'), 'utf8'));

  test.each(foldersUnder('apps/'))('the app %s has an owner', (app) => {
    expect(owners.get(`/apps/${app}/`) ?? []).not.toEqual([]);
  });

  test.each(foldersUnder('libs/service-contracts/'))(
    'the contract of %s belongs to its team and the orchestrator team',
    (service) => {
      expect(owners.get(`/libs/service-contracts/${service}/`)).toEqual([
        `@uno/${service}-team`,
        '@uno/orchestrator-team',
      ]);
    },
  );
});

describe('the tags that the boundaries are made of', () => {
  const manifests = paths.filter((path) => /^(apps|libs|tools)\/.+\/package\.json$/.test(path));

  test.each(manifests)('%s names one scope, one type and one runtime', (path) => {
    const { nx } = JSON.parse(readFileSync(join(REPOSITORY_ROOT, path), 'utf8')) as { nx?: { tags?: string[] } };
    const dimensions = (nx?.tags ?? []).map((tag) => tag.split(':')[0]).sort();
    expect(dimensions).toEqual(['runtime', 'scope', 'type']);
  });
});

describe('the orchestrator knows services by registration alone', () => {
  const sources = paths.filter((path) => path.startsWith('apps/orchestrator/src/') && /(?<!\.spec)\.ts$/.test(path));

  test('its sources name no service', () => {
    expect(findServiceNames(readTextFiles(sources))).toEqual([]);
  });

  test('a service named in a string or a template is found, one named in a comment is not', () => {
    const text = "// like enrich\nconst queue = 'enrich';\nconst id = `${queue}:crm-${1}`;\nconst said = 'explained';";
    expect(findServiceNames([{ path: 'a.ts', text }])).toEqual(['a.ts:2: enrich', 'a.ts:3: :crm-']);
  });
});
