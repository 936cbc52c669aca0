/** A button that chooses a file; the same file can be chosen again once it was put right. */
import { Button, type ButtonProps, FileButton } from '@mantine/core';
import { type ReactNode, useRef } from 'react';

interface FileChoiceProps extends Pick<ButtonProps, 'size' | 'loading'> {
  accept: string;
  onFile: (file: File) => void;
  children: ReactNode;
}

export function FileChoice({ accept, onFile, children, ...button }: FileChoiceProps) {
  const reset = useRef<() => void>(null);
  return (
    <FileButton
      accept={accept}
      resetRef={reset}
      onChange={(file) => {
        reset.current?.();
        if (file !== null) onFile(file);
      }}
    >
      {(props) => (
        <Button {...props} {...button} variant="default">
          {children}
        </Button>
      )}
    </FileButton>
  );
}
