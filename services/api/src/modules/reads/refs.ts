import { builder } from '../../graphql/builder.ts';
import type { ReadState } from './service.ts';

export const ReadStateRef = builder.objectRef<ReadState>('ReadState');
