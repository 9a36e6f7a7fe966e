import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, Injectable, Logger } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import type { Socket } from 'socket.io';

/** Why a message was not obeyed, in the fields of a problem document. */
export const refusal = (status: number, code: string, detail: string): WsException =>
  new WsException({ type: 'about:blank', title: 'The message was refused', status, code, detail });

/**
 * Answers a message that failed with an `exception` event. Only the class of an unforeseen error is logged: its text may
 * quote what a customer wrote.
 */
@Catch()
@Injectable()
export class LiveExceptionFilter implements ExceptionFilter {
  readonly #logger = new Logger('Live');

  catch(error: unknown, host: ArgumentsHost): void {
    const socket = host.switchToWs().getClient<Socket>();
    if (error instanceof WsException) {
      socket.emit('exception', error.getError());
      return;
    }
    this.#logger.error(`A message failed: ${error instanceof Error ? error.name : typeof error}`);
    socket.emit(
      'exception',
      refusal(500, 'internal_error', 'The message could not be handled. Send it again.').getError(),
    );
  }
}
