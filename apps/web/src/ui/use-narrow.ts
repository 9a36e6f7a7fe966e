import { useSyncExternalStore } from 'react';

/** As in the style sheets: a telephone held upright. */
const NARROW = '(max-width: 600px)';

function listen(changed: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the window is so narrow that what is always in sight must be little. */
export const useNarrow = (): boolean => useSyncExternalStore(listen, () => matchMedia(NARROW).matches);
