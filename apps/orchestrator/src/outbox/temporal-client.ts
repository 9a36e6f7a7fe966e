import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Client, Connection } from '@temporalio/client';
import { Config } from '../config/config.js';

/** A Temporal client that connects with its first call, so that the API starts and answers while Temporal is down. */
@Injectable()
export class TemporalClient implements OnModuleDestroy {
  readonly #connection: Connection;
  readonly client: Client;

  constructor(config: Config) {
    this.#connection = Connection.lazy(config.temporalConnection);
    this.client = new Client({ connection: this.#connection, namespace: config.temporalNamespace });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#connection.close();
  }
}
