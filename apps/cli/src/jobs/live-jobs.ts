import { io } from 'socket.io-client';
import type { ApiCredentials } from '../credentials.js';
import type { JobChange, LiveJobs } from './watch-job.js';

const EVENTS_WITH_JOBS = ['snapshot', 'replay', 'delta'] as const;

/**
 * Live changes of jobs over the `/live` namespace. The window is empty: cells are none of our business. The socket
 * connects again by itself and subscribes anew; while it is away the listener just hears nothing.
 */
export function connectLiveJobs({ url, apiKey }: ApiCredentials): LiveJobs {
  return (listId, onChange) => {
    const socket = io(`${url}/live`, { auth: { key: apiKey }, transports: ['websocket'], forceNew: true });
    socket.on('connect', () => socket.emit('subscribe', { listId, window: { from: 0, count: 0 } }));
    for (const event of EVENTS_WITH_JOBS) {
      socket.on(event, ({ jobs }: { jobs?: readonly JobChange[] }) => (jobs ?? []).forEach(onChange));
    }
    return () => void socket.disconnect();
  };
}
