# SPDX-License-Identifier: GPL-2.0-or-later

# PFD_CFLAGS_ADD(VARIABLE, FLAGS): append each flag that this compiler takes without a murmur.
# The flag is tried alone and with -Werror, as clang only warns about one it does not know.
AC_DEFUN([PFD_CFLAGS_ADD], [
	for pfd_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC takes $pfd_flag])
		pfd_saved_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $pfd_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
			[AC_MSG_RESULT([yes])
			$1="$$1 $pfd_flag"],
			[AC_MSG_RESULT([no])])
		CFLAGS=$pfd_saved_CFLAGS
	done
])

# PFD_CFLAGS_NEED(FLAGS): compile and link everything with these, or stop.
AC_DEFUN([PFD_CFLAGS_NEED], [
	AC_MSG_CHECKING([whether $CC links with ]$1)
	pfd_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS "$1
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])
		AC_MSG_ERROR([$CC cannot do that])])
	CFLAGS=$pfd_saved_CFLAGS
	PFD_CFLAGS="$PFD_CFLAGS "$1
	PFD_LDFLAGS="$PFD_LDFLAGS "$1
])

# PFD_COMPLETION_DIR(SHELL, DEFAULT): --with-SHELL-completion-dir=DIR|no.
# The default hangs on ${datadir}, so an unprivileged --prefix stays inside it.
AC_DEFUN([PFD_COMPLETION_DIR], [
	AC_ARG_WITH([$1-completion-dir],
		[AS_HELP_STRING([--with-$1-completion-dir=DIR],
			[completions of $1 go there; no: nowhere])],
		[], [with_$1_completion_dir=yes])
	AS_IF([test "x$with_$1_completion_dir" = xyes], [$1_completion_dir=$2],
		[$1_completion_dir=$with_$1_completion_dir])
	AC_SUBST([$1_completion_dir])
	AM_CONDITIONAL(m4_toupper([$1])[_COMPLETION], [test "x$with_$1_completion_dir" != xno])
])
