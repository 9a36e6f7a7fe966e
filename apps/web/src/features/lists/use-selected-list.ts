import { useCallback, useEffect, useState } from 'react';

const read = (): string | null => new URLSearchParams(location.search).get('list');

/** The list that is open, kept in the address so that it can be bookmarked and the back button works. */
export function useSelectedList(): [listId: string | null, select: (listId: string) => void] {
  const [listId, setListId] = useState(read);
  useEffect(() => {
    const follow = (): void => setListId(read());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const select = useCallback((chosen: string) => {
    history.pushState(null, '', `?list=${encodeURIComponent(chosen)}`);
    setListId(chosen);
  }, []);
  return [listId, select];
}
