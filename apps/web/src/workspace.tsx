import { useState } from 'react';
import { CreditsBar } from './features/credits/credits-bar.js';
import { ListSidebar } from './features/lists/list-sidebar.js';
import { NewListDialog } from './features/lists/new-list-dialog.js';
import { useSelectedList } from './features/lists/use-selected-list.js';
import { ListPage } from './list-page.js';
import { useLists } from './queries.js';
import { Notice } from './ui/notice.js';

/** The page of a workspace: its lists at the side, its credits above, one list in the middle. */
export function Workspace() {
  const lists = useLists();
  const [wanted, select] = useSelectedList();
  const [creating, setCreating] = useState(false);
  const list = lists.data?.find(({ id }) => id === wanted) ?? lists.data?.[0];
  return (
    <div className="workspace">
      <ListSidebar lists={lists.data} selected={list?.id} onSelect={select} onNew={() => setCreating(true)} />
      <div className="content">
        <div className="topbar">
          <CreditsBar />
        </div>
        <div className="stage">
          {lists.isError && <Notice tone="bad">{lists.error.message}</Notice>}
          {list && <ListPage key={list.id} list={list} />}
          {lists.data?.length === 0 && (
            <main className="empty">
              <h1>No lists yet</h1>
              <p className="soft">
                A list holds companies or contacts. Its columns are filled by services, paid with credits.
              </p>
              <button type="button" className="button button-primary" onClick={() => setCreating(true)}>
                New list
              </button>
            </main>
          )}
        </div>
      </div>
      {creating && <NewListDialog onClose={() => setCreating(false)} onCreated={select} />}
    </div>
  );
}
