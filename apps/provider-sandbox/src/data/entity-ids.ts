import { createCipheriv, createHash } from 'node:crypto';
import type { EntityType } from '../providers/provider-api.js';

const VERSION = 'v1.';
const TAG_BYTES = 8;

/**
 * Opaque ids, as Lusha gives them out. An id is the entity's key in a cipher, so that nothing need be remembered to answer for
 * it after a restart; one of another seed is not an id.
 */
export class EntityIds {
  private readonly seed: string;
  private readonly cipherKey: Buffer;

  constructor(seed: string) {
    this.seed = seed;
    this.cipherKey = createHash('sha256').update(`ids ${seed}`).digest().subarray(0, 16);
  }

  idOf(entityType: EntityType, key: string): string {
    const tag = this.tag(entityType, key);
    return VERSION + Buffer.concat([tag, this.crypt(Buffer.from(key), tag)]).toString('base64url');
  }

  keyOf(entityType: EntityType, id: string): string | undefined {
    if (!id.startsWith(VERSION)) return undefined;
    const bytes = Buffer.from(id.slice(VERSION.length), 'base64url');
    if (bytes.length <= TAG_BYTES) return undefined;
    const tag = bytes.subarray(0, TAG_BYTES);
    const key = this.crypt(bytes.subarray(TAG_BYTES), tag).toString();
    return this.tag(entityType, key).equals(tag) ? key : undefined;
  }

  private tag(entityType: EntityType, key: string): Buffer {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.seed, entityType, key]))
      .digest();
    return digest.subarray(0, TAG_BYTES);
  }

  /** Its own inverse. The tag makes the key stream another one for each entity. */
  private crypt(bytes: Buffer, tag: Buffer): Buffer {
    const cipher = createCipheriv('aes-128-ctr', this.cipherKey, Buffer.concat([tag, Buffer.alloc(16 - TAG_BYTES)]));
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  }
}
