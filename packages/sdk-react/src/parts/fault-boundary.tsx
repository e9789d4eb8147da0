import { Component, type ErrorInfo, type ReactNode } from 'react';
import { sameContent } from '../lib/same-content.ts';
import { useParley } from '../provider/parley-context.ts';
import type { FaultPlace } from '../provider/report.tsx';

export interface FaultBoundaryProps extends Pick<FaultPlace, 'part' | 'id'> {
  /** The data that is shown. When its content changes after a fault, it is shown again. */
  readonly content: unknown;
  readonly fallback: (retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps a fault in one part from taking the rest of the page along, and reports it to the provider's `onError`. */
export function FaultBoundary({ part, id, ...rest }: FaultBoundaryProps) {
  const { report } = useParley();
  return (
    <Boundary
      {...rest}
      onFault={(error, { componentStack }) => report(error, { part, id, componentStack: componentStack ?? '' })}
    />
  );
}

interface BoundaryProps extends Pick<FaultBoundaryProps, 'content' | 'fallback' | 'children'> {
  readonly onFault: (error: unknown, info: ErrorInfo) => void;
}

interface BoundaryState {
  readonly failed: boolean;
  readonly content: unknown;
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false, content: this.props.content };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { failed: true };
  }

  // By content: a host that makes its objects anew in every render, perhaps because it heard of the fault, would try for ever.
  static getDerivedStateFromProps({ content }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    if (Object.is(content, state.content)) return null;
    return { content, failed: state.failed && sameContent(content, state.content) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onFault(error, info);
  }

  readonly retry = (): void => this.setState({ failed: false });

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback(this.retry) : this.props.children;
  }
}
