import { useEffect, useLayoutEffect } from 'react';

/** On the server there is no layout to wait for, and older React warns about the other hook there. */
export const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;
