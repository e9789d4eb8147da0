const minute = 60_000;
const day = 24 * 60 * minute;

export const localDay = (at: string): string => new Date(at).toDateString();

/** Days between two times by the calendar of this machine, so that 23:59 is yesterday at 00:01. */
export function calendarDaysBetween(earlier: Date, later: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / day);
}

export interface DateWords {
  readonly today: string;
  readonly yesterday: string;
}

/** Writes times the way people of one language do. Formatters are costly to make, so one object serves a whole tree. */
export interface Dates {
  /** `10:42` */
  clock(at: string): string;
  /** `Today`, `Yesterday`, `Monday`, `3 March`, `3 March 2024` */
  dayLabel(at: string, now: Date, words: DateWords): string;
  /** The shortest that is still clear, for lists: `10:42`, `Yesterday`, `Mon`, `3 Mar`, `03/03/2024` */
  short(at: string, now: Date, words: DateWords): string;
  /** Whole, for machines and tooltips. */
  full(at: string): string;
  /** `5 minutes ago` */
  ago(at: string, now: Date): string;
}

export function createDates(locale?: string): Dates {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, options);
    return (date: Date) => formatter.format(date);
  };
  const clock = format({ timeStyle: 'short' });
  const weekday = format({ weekday: 'long' });
  const shortWeekday = format({ weekday: 'short' });
  const dayMonth = format({ day: 'numeric', month: 'long' });
  const shortDayMonth = format({ day: 'numeric', month: 'short' });
  const longDay = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const numeric = format({ day: '2-digit', month: '2-digit', year: 'numeric' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  return {
    clock: (at) => clock(new Date(at)),
    full: (at) => full(new Date(at)),
    dayLabel(at, now, words) {
      const date = new Date(at);
      const days = calendarDaysBetween(date, now);
      if (days <= 0) return words.today;
      if (days === 1) return words.yesterday;
      if (days < 7) return weekday(date);
      return date.getFullYear() === now.getFullYear() ? dayMonth(date) : longDay(date);
    },
    short(at, now, words) {
      const date = new Date(at);
      const days = calendarDaysBetween(date, now);
      if (days <= 0) return clock(date);
      if (days === 1) return words.yesterday;
      if (days < 7) return shortWeekday(date);
      return date.getFullYear() === now.getFullYear() ? shortDayMonth(date) : numeric(date);
    },
    ago(at, now) {
      const minutes = Math.round((Date.parse(at) - now.getTime()) / minute);
      if (minutes > -60) return relative.format(Math.min(0, minutes), 'minute');
      const hours = Math.round(minutes / 60);
      if (hours > -24) return relative.format(hours, 'hour');
      return relative.format(Math.round(hours / 24), 'day');
    },
  };
}
