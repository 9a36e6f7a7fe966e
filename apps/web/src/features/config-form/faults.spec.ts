import { expect, test } from '@jest/globals';
import { errorTree, sentencesIn, splitComplaints } from './faults.js';

test('complaints of the API about the config end at their place in the form', () => {
  const { ofConfig, others } = splitComplaints([
    { pointer: '/config/map/first~1name', detail: 'names nothing' },
    { pointer: '/config/answer/options/1', detail: 'is too long' },
    { pointer: '/config', detail: 'is too large' },
    { pointer: '/name', detail: 'is taken' },
    { pointer: '/configuration', detail: 'is unknown' },
  ]);
  expect(others.map(({ pointer }) => pointer)).toEqual(['/name', '/configuration']);
  expect(errorTree(ofConfig)).toEqual({
    __errors: ['is too large'],
    map: { 'first/name': { __errors: ['names nothing'] } },
    answer: { options: { 1: { __errors: ['is too long'] } } },
  });
});

test('a control that shows a whole part shows all that is wrong in it', () => {
  const tree = errorTree([
    { path: ['options'], message: 'has too few' },
    { path: ['options', '1'], message: 'is too long' },
  ]);
  expect(sentencesIn(tree)).toEqual(['has too few', 'is too long']);
});
