import { screen } from '@testing-library/react';
import { message, view } from './builders.ts';
import { ada, bob } from './show.tsx';

export const hello = view(message('hello', bob, 'Hello Ada', { seq: 1 }));
export const mine = view(message('mine', ada, 'Hello Bob', { seq: 2 }));
export const log = (): HTMLElement => screen.getByRole('region', { name: 'Messages in this conversation' });
