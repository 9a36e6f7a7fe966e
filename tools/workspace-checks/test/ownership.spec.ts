import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCodeOwners } from '../src/code-owners.js';
import { listRepositoryFiles, readTextFiles, REPOSITORY_ROOT } from '../src/repository.js';
import { findServiceNames } from '../src/service-names.js';

const TYPES = 'app|e2e|contracts|infrastructure|testing|tool';
const KNOWN_TAG = new RegExp(`^(scope:[a-z0-9]+|type:(${TYPES})|runtime:(node|browser|any))$`);

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

describe('the contract that all services fulfil', () => {
  test('belongs to the orchestrator team', () => {
    const owners = parseCodeOwners(readFileSync(join(REPOSITORY_ROOT, '.github/CODEOWNERS'), 'utf8'));
    expect(owners.get('/libs/workflow-contracts/')).toEqual(['@uno/orchestrator-team']);
    expect(owners.get('*')).toEqual(['@uno/orchestrator-team']);
  });
});

describe('the tags that the boundaries are made of', () => {
  const manifests = paths.filter((path) => /^(apps|libs|tools)\/.+\/package\.json$/.test(path));

  const read = (path: string) =>
    JSON.parse(readFileSync(join(REPOSITORY_ROOT, path), 'utf8')) as { type?: string; nx?: { tags?: string[] } };

  test.each(manifests)('%s is a module with one scope, one type and one runtime', (path) => {
    const { type, nx } = read(path);
    const dimensions = (nx?.tags ?? []).map((tag) => tag.split(':')[0]).sort();
    expect(dimensions).toEqual(['runtime', 'scope', 'type']);
    expect(type).toBe('module');
  });

  test('are words that the boundaries know: a type or a runtime that nobody constrains would be free of them', () => {
    const tags = new Set(manifests.flatMap((path) => read(path).nx?.tags ?? []));
    expect(tags.size).toBeGreaterThan(0);
    expect([...tags].filter((tag) => !KNOWN_TAG.test(tag))).toEqual([]);
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

  test('a service named by a function, a constant or a file is found, Temporal’s signals are not', () => {
    const text = 'const isCrm = row.aiModel;\nconst MAX_ENRICH = 1;\nconst claim = shutdownSignals;';
    expect(findServiceNames([{ path: 'src/crm-column.ts', text }])).toEqual([
      ...['src/crm-column.ts', 'src/crm-column.ts:1: isCrm', 'src/crm-column.ts:1: aiModel'],
      'src/crm-column.ts:2: MAX_ENRICH',
    ]);
  });
});
