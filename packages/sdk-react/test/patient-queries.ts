import { configure } from '@testing-library/react';

// A setup file of Vitest's. What is looked for comes when the machine gets to it, which on a busy one may take longer than the library's own second.
configure({ asyncUtilTimeout: 20_000 });
