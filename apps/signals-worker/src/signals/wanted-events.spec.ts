import { describe, expect, test } from '@jest/globals';
import type { SignalEvent, SignalKind } from '@uno/signals-contract';
import { coveringQuestion, describeAbsence, latestEvent, wantedByColumn, type WantedEvents } from './wanted-events.js';

const NOW = new Date('2026-03-01T00:30:00+02:00');
const event = (kind: SignalKind, date: string): SignalEvent => ({ kind, date, title: `${kind} ${date}`, url: null });
const wanted = (withinDays: number, ...kinds: SignalKind[]): WantedEvents => ({ kinds: new Set(kinds), withinDays });

describe('the latest event', () => {
  const events = [
    event('funding', '2026-02-10'),
    event('news', '2026-02-27'),
    event('hiring', '2026-02-20'),
    event('news', '2026-02-19'),
  ];

  test('is the newest of the kinds that the column asks for, in whatever order they come', () => {
    expect(latestEvent(events, wanted(90, 'funding', 'hiring'), NOW)).toEqual(event('hiring', '2026-02-20'));
    expect(latestEvent(events.toReversed(), wanted(90, 'news'), NOW)).toEqual(event('news', '2026-02-27'));
    expect(latestEvent(events, wanted(90, 'job_change'), NOW)).toBeUndefined();
  });

  test('may be as old as the window, counted in days of UTC with its first day', () => {
    // In UTC it is still February 28.
    expect(latestEvent(events, wanted(18, 'funding'), NOW)).toEqual(event('funding', '2026-02-10'));
    expect(latestEvent(events, wanted(17, 'funding'), NOW)).toBeUndefined();
  });

  test('is the first of two on one day', () => {
    const twins = [event('hiring', '2026-02-20'), event('news', '2026-02-20')];
    expect(latestEvent(twins, wanted(90, 'news', 'hiring'), NOW)?.kind).toBe('hiring');
  });
});

describe('several columns', () => {
  test('are answered by one question: all kinds, since the earliest day', () => {
    const question = coveringQuestion([wanted(30, 'funding'), wanted(90, 'news', 'funding')], NOW);
    expect(question).toEqual({ kinds: new Set(['funding', 'news']), since: '2025-11-30' });
  });

  test('ask for 90 days unless they say otherwise, and only for kinds that the list has', () => {
    const columns = [
      { columnId: 'a', config: { kinds: ['funding', 'job_change'] } },
      { columnId: 'b', config: { kinds: ['job_change'], withinDays: 7 } },
      { columnId: 'c', config: { kinds: 'weather' } },
    ];
    expect(wantedByColumn({ entityType: 'company', columns })).toEqual(new Map([['a', wanted(90, 'funding')]]));
    const ofContacts = wantedByColumn({ entityType: 'contact', columns });
    expect(ofContacts).toEqual(
      new Map([
        ['a', wanted(90, 'job_change')],
        ['b', wanted(7, 'job_change')],
      ]),
    );
  });

  test('say in words what was not there', () => {
    expect(describeAbsence(wanted(90, 'funding', 'hiring', 'news'))).toBe(
      'no funding, surge in hiring or news in the last 90 days',
    );
    expect(describeAbsence(wanted(1, 'job_change'))).toBe('no change of job in the last day');
  });
});
