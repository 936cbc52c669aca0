/** Checkpoints dropped on the window: where they lie, if the door knows it. */
import { useEffect, useRef, useState } from 'react';
import { electronBridge } from '../../shared/electron-bridge.ts';

export interface Dropped {
  /** Paths on the engine's machine; empty in a browser, which does not tell. */
  paths: string[];
  /** Names of what was dropped without a path. */
  names: string[];
}

/** Listens while the component is shown; tells whether files are over the window now. */
export function useFileDrop(onDrop: (dropped: Dropped) => void): boolean {
  const [isOver, setOver] = useState(false);
  const listener = useRef(onDrop);
  useEffect(() => {
    listener.current = onDrop;
  });
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    function hold(event: DragEvent): void {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      // Without this a browser opens what is dropped in place of the studio.
      event.preventDefault();
      setOver(true);
    }
    function leave(event: DragEvent): void {
      if (event.relatedTarget === null) setOver(false);
    }
    function drop(event: DragEvent): void {
      const files = [...(event.dataTransfer?.files ?? [])];
      setOver(false);
      if (files.length === 0) return;
      event.preventDefault();
      listener.current(locate(files));
    }
    window.addEventListener('dragover', hold, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, []);
  return isOver;
}

function locate(files: readonly File[]): Dropped {
  const dropped: Dropped = { paths: [], names: [] };
  for (const file of files) {
    const path = electronBridge()?.pathForFile(file) ?? '';
    if (path === '') dropped.names.push(file.name);
    else dropped.paths.push(path);
  }
  return dropped;
}
