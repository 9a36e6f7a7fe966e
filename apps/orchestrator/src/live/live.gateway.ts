import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayDisconnect, OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { KeyResolver } from '../auth/key-resolver.js';
import { Database } from '../database/database.js';
import { LiveExceptionFilter, refusal } from './live-exception.filter.js';
import { LiveService } from './live.service.js';
import { subscribeMessage, unsubscribeMessage, windowMessage } from './live-messages.js';

const handshake = z.object({ key: z.string().min(1).max(500) });

/** What a socket knows once its handshake was accepted. */
interface Session {
  workspaceId: string;
}

/**
 * The live updates of lists. A client authenticates in the handshake with `auth: { key }`, subscribes to a list with a
 * window of its rows, and is then told of every change of cells inside the window and of every job of the list. What
 * it asks wrongly is answered by an `exception` event with the fields of a problem document.
 */
@WebSocketGateway({ namespace: '/live' })
@UseFilters(LiveExceptionFilter)
export class LiveGateway implements OnGatewayInit<Namespace>, OnGatewayDisconnect<Socket> {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyResolver,
    private readonly live: LiveService,
  ) {}

  afterInit(namespace: Namespace): void {
    namespace.use((socket, next) => {
      this.authenticate(socket).then(
        (accepted) => next(accepted ? undefined : new Error('unauthorized')),
        () => next(new Error('unavailable')),
      );
    });
  }

  handleDisconnect(socket: Socket): void {
    this.live.unsubscribe(socket);
  }

  @SubscribeMessage('subscribe')
  async subscribe(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<void> {
    const { listId, window, fromSeq } = parse(subscribeMessage, body);
    const { workspaceId } = socket.data as Session;
    const known = await this.database.inWorkspace(workspaceId, (sql) =>
      sql.row('select 1 from list where workspace_id = $1 and id = $2 and deleted_at is null', [workspaceId, listId]),
    );
    if (!known) throw refusal(404, 'not_found', `No list ${listId} in this workspace`);
    // Whoever left while we looked must not be kept for ever.
    if (socket.connected) this.live.subscribe(socket, { workspaceId, listId, window, fromSeq });
  }

  @SubscribeMessage('window')
  window(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): void {
    const { listId, ...window } = parse(windowMessage, body);
    if (!this.live.moveWindow(socket, listId, window)) {
      throw refusal(409, 'not_subscribed', `Subscribe to list ${listId} before moving its window`);
    }
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): void {
    this.live.unsubscribe(socket, parse(unsubscribeMessage, body).listId);
  }

  private async authenticate(socket: Socket): Promise<boolean> {
    const auth = handshake.safeParse(socket.handshake.auth);
    if (!auth.success) return false;
    const caller = await this.keys.caller(auth.data.key);
    if (!caller) return false;
    const session: Session = { workspaceId: caller.workspaceId };
    Object.assign(socket.data as object, session);
    return true;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw refusal(422, 'invalid', faults.join('; '));
}
