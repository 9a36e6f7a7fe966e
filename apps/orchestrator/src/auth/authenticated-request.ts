import type { Request } from 'express';
import type { Caller } from './key-resolver.js';

/** A request after its guard. */
export interface AuthenticatedRequest extends Request {
  caller?: Caller;
  serviceId?: string;
}
