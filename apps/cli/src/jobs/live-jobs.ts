import { connectLive } from '@uno/api-client';
import type { ApiCredentials } from '../credentials.js';
import type { JobChange, LiveJobs } from './watch-job.js';

/**
 * Live changes of jobs over the `/live` namespace. The window is empty: cells are none of our business. The socket
 * connects again by itself and subscribes anew; while it is away the listener just hears nothing.
 */
export function connectLiveJobs(credentials: ApiCredentials): LiveJobs {
  return (listId, onChange) => {
    const socket = connectLive(credentials);
    const tell = ({ jobs }: { readonly jobs: readonly JobChange[] }): void => jobs.forEach(onChange);
    socket.on('connect', () => void socket.emit('subscribe', { listId, window: { from: 0, count: 0 } }));
    socket.on('snapshot', tell).on('replay', tell).on('delta', tell);
    return () => void socket.disconnect();
  };
}
