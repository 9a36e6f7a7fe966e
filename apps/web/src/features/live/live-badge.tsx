import type { LiveStatus } from './live-list.js';

const WORDS: Readonly<Record<LiveStatus, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  interrupted: 'Reconnecting',
  refused: 'Signed out',
};

export function LiveBadge({ status }: { readonly status: LiveStatus }) {
  return (
    <span className={`live-badge live-${status}`} role="status">
      {WORDS[status]}
    </span>
  );
}
