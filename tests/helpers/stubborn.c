// SPDX-License-Identifier: GPL-2.0-or-later
// stubborn: a process that HUP, INT, QUIT, TERM, USR1 and USR2 do not end, and that ignores no
// other signal, whatever it inherited. Prints "ready".
#include "config.h"

#include <signal.h>
#include <sys/syscall.h>

#include "helper.h"

int main(void)
{
	const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

	for (int sig = 1; sig <= 64; sig++) {
		// the C library refuses to touch its own two; all zero is SIG_DFL
		const unsigned long to_default[8] = {0};
		syscall(SYS_rt_sigaction, sig, to_default, NULL, 8);
	}
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
