import type { ReactNode } from 'react';

interface NoticeProps {
  readonly tone?: 'info' | 'good' | 'bad' | 'warn';
  readonly children: ReactNode;
}

/** A sentence that matters, in a box of its tone. Bad news is announced. */
export function Notice({ tone = 'info', children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      {children}
    </div>
  );
}
