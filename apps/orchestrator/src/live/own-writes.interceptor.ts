import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { tap } from 'rxjs';
import type { Observable } from 'rxjs';
import { LiveService } from './live.service.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Shows what a request has written to the clients of this process at once. What others write is found at the next tick. */
@Injectable()
export class OwnWritesInterceptor implements NestInterceptor {
  constructor(private readonly live: LiveService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const isWrite = context.getType() === 'http' && !READING.has(context.switchToHttp().getRequest<Request>().method);
    return isWrite ? next.handle().pipe(tap({ complete: () => this.live.lookSoon() })) : next.handle();
  }
}
