"""A process' standard error: a small pipe, whose reader may fall asleep."""

import asyncio
import fcntl
import os

#: Bytes that the kernel takes before a writer has to wait: as few as it allows, so that this comes soon.
SIZE = 4096


class LogPipe:
    def __init__(self, file):
        self._file = file
        self._reading_end, self.writing_end = os.pipe()
        fcntl.fcntl(self.writing_end, fcntl.F_SETPIPE_SZ, SIZE)
        os.set_blocking(self._reading_end, False)

    def begin(self):
        """Copies to the file what is written from now on; the process has its own writing end by now."""
        os.close(self.writing_end)
        self.resume()

    def pause(self):
        asyncio.get_running_loop().remove_reader(self._reading_end)

    def resume(self):
        if self._reading_end is not None:
            asyncio.get_running_loop().add_reader(self._reading_end, self._copy)

    def _copy(self):
        while True:
            try:
                data = os.read(self._reading_end, 65536)
            except BlockingIOError:
                return
            if not data:
                asyncio.get_running_loop().remove_reader(self._reading_end)
                return
            self._file.write(data)
            self._file.flush()

    def end(self):
        """The process is over: takes what it has left, and closes."""
        if self._reading_end is None:
            return
        asyncio.get_running_loop().remove_reader(self._reading_end)
        self._copy()
        os.close(self._reading_end)
        self._reading_end = None
