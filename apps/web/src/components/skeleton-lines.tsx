import { Skeleton } from '@mantine/core';

/** Lines where text will be, so that nothing jumps when it arrives; a screen reader is told the label. */
export function SkeletonLines({
  lines,
  label,
  height = 20,
}: {
  readonly lines: number;
  readonly label: string;
  /** Of one line, in pixels. */
  readonly height?: number;
}) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} mt={12} width={`${96 - ((line * 17) % 34)}%`} />
      ))}
    </div>
  );
}
