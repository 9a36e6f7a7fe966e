import { Global, Module } from '@nestjs/common';
import { KeyResolver } from './key-resolver.js';

@Global()
@Module({ providers: [KeyResolver], exports: [KeyResolver] })
export class AuthModule {}
