import { expect, test } from '@jest/globals';
import { suggestName } from './suggest-name.js';

const schema = {
  type: 'object' as const,
  properties: {
    note: { type: 'string' as const },
    object: { type: 'string' as const, const: 'company' },
    kind: { type: 'string' as const, enum: ['news', 'job_change'] },
  },
};

test.each([
  [{ kind: 'job_change', object: 'company' }, 'Job change'],
  [{ note: 'news', object: 'company' }, ''],
  [{ kind: 7 }, ''],
  [{}, ''],
])('the config %j suggests the name %j', (config, name) => {
  expect(suggestName(schema, config)).toBe(name);
});
