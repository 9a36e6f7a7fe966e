import { expect, test } from '@jest/globals';
import { suggestName } from './suggest-name.js';

test.each([
  [{ attribute: 'industry' }, 'Industry'],
  [{ kinds: ['news'], withinDays: 90, mode: 'job_change' }, 'Job change'],
  [{ prompt: 'One line on {{Name}}, please' }, ''],
  [undefined, ''],
])('the config %j suggests the name %j', (config, name) => {
  expect(suggestName(config)).toBe(name);
});
