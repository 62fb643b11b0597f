package io.vesta.llm.call;

import io.vesta.core.llm.Call;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Clock;

/**
 * A connected socket whose reads wait as long as the call does, and no longer: to its deadline or
 * until somebody cancels. A socket's own timeout begins anew with each byte, so that a provider who
 * sends one byte a second would never time out. Used by one thread at a time.
 */
final class PatientSocket extends Socket {

  /** How soon a cancelled call ends. */
  private static final int SLICE_MILLIS = 50;

  private final Socket socket;
  private final Clock clock;
  private final Runnable closed;
  private volatile Call call;
  private volatile int timeout;

  /**
   * @param socket connected
   * @param closed run when this is closed
   */
  PatientSocket(Socket socket, Clock clock, Call call, Runnable closed) {
    this.socket = socket;
    this.clock = clock;
    this.call = call;
    this.closed = closed;
  }

  /** From now on it serves another call. */
  void serve(Call next) {
    call = next;
  }

  /** Ends with an exception if the call is over. */
  private void requireTime() throws InterruptedIOException {
    if (call.cancel().cancelled() || !clock.instant().isBefore(call.deadline())) {
      throw new InterruptedIOException("the call is over");
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(socket.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int own = timeout;
        if (own > 0 && own < SLICE_MILLIS) {
          // The pool asks whether an idle connection is still open; no call is waiting.
          socket.setSoTimeout(own);
          return in.read(bytes, from, length);
        }
        while (true) {
          requireTime();
          socket.setSoTimeout(SLICE_MILLIS);
          try {
            return in.read(bytes, from, length);
          } catch (SocketTimeoutException e) {
            // Nothing came within the slice; the call may still wait.
          }
        }
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public synchronized void close() throws IOException {
    closed.run();
    socket.close();
  }

  /** Counts only if it is shorter than a slice; else the call's deadline does. */
  @Override
  public synchronized void setSoTimeout(int millis) {
    timeout = millis;
  }

  @Override
  public synchronized int getSoTimeout() {
    return timeout;
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    socket.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return socket.getSoLinger();
  }
}
