const paths = {
  back: 'M15 5l-7 7 7 7',
  send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
  react: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.2a4.2 4.2 0 0 0 7 0M9 9.6v.01M15 9.6v.01',
  reply: 'M10 8.5V5l-7 6.5 7 6.5v-3.6c5.2 0 8.6 1.3 11 4.6-.8-5.4-3.9-9.8-11-10.5z',
  edit: 'M4 20l.9-4.1L15.6 5.2a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.1 19.1 4 20zM13.8 7l3.2 3.2',
  delete: 'M4.5 7h15M9.5 7V4.8h5V7M6.5 7l.8 12.2h9.4L17.5 7M10.3 10.5l.3 5.5M13.7 10.5l-.3 5.5',
  copy: 'M9.5 8.5h8a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 8 19v-9a1.5 1.5 0 0 1 1.5-1.5zM5.5 15.5A1.5 1.5 0 0 1 5 14.3V5.5A1.5 1.5 0 0 1 6.5 4h7.8a1.5 1.5 0 0 1 1.2.5',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  down: 'M12 5v14M5.5 12.5L12 19l6.5-6.5',
  compose:
    'M20 12.5V18a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h5.5M9.5 14.5l.6-2.7L18 3.9l2.1 2.1-7.9 7.9-2.7.6z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  search: 'M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6zM20 20l-4.3-4.3',
  file: 'M13.5 3.5H7a1.5 1.5 0 0 0-1.5 1.5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5l-5-5zM13.5 3.5v5h5',
  warning: 'M12 8v5M12 16.2v.01M12 3.5l9 16H3l9-16z',
  chat: 'M20.5 11.5a7.5 7.5 0 0 1-8.5 7.4c-1 0-2-.2-2.9-.6L4 19.8l1.4-4.3a7.3 7.3 0 0 1-.9-4 7.7 7.7 0 0 1 7.9-7.2 7.7 7.7 0 0 1 8.1 7.2z',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2',
} as const;

export type IconName = keyof typeof paths;

/** Those that point along the line of writing are turned by the style sheet. Build tools rewrite `:dir(rtl)` for older browsers into a guess by language. */
const tellDirection = (icon: SVGSVGElement | null): void => {
  if (icon !== null) icon.dataset['direction'] = getComputedStyle(icon).direction;
};

/** Decoration only: whatever it stands for is said in words beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      ref={tellDirection}
      className="parley-icon"
      data-icon={name}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
