import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { showChannel } from '../../test/show.tsx';
import { Avatar } from './avatar.tsx';

afterEach(cleanup);

const picture = () => document.querySelector('img');

test('a picture that cannot be loaded gives way to initials, and a new one is tried again', () => {
  const { rerender } = showChannel(<Avatar name="Ada Lovelace" image="https://parley.dev/gone.png" />);
  expect(screen.queryByText('AL')).toBeNull();
  const image = picture();
  if (image === null) return expect.unreachable('a picture');
  fireEvent.error(image);
  expect(screen.getByText('AL')).toBeTruthy();
  expect(picture()).toBeNull();

  rerender(<Avatar name="Ada Lovelace" image="https://parley.dev/ada.png" />);
  expect(picture()?.src).toBe('https://parley.dev/ada.png');
});

test('an address that is no web address is never loaded', () => {
  showChannel(<Avatar name="Ada" image="javascript:alert(1)" />);
  expect(picture()).toBeNull();
  expect(screen.getByText('A')).toBeTruthy();
});
