// SPDX-License-Identifier: GPL-2.0-or-later
// match.c: the predicate on rows of facts: yes, no, and what is not known yet.
#include "config.h"

#include "check.h"
#include "find/match.h"

#include <locale.h>
#include <stdlib.h>

static struct bytes text(const char *s)
{
	return (struct bytes){s, strlen(s)};
}

static struct proc somebody(void)
{
	return (struct proc){
		.pid = 42,
		.leader = 42,
		.known = ~0u,
		.inode = 4200,
		.comm = text("worker"),
		.name = text("worker"),
		.cmdline = text("worker --fast one"),
		.environ = {"A=1\0LIST=a,b\0EMPTY=\0", 19},
		.cgroup = text("12:cpu,cpuacct:/a\n1:name=systemd:/b/c\n0::/d\n"),
		.tty = text("pts/3"),
		.status = {.state = 'S',
			.ppid = 7,
			.pgrp = 40,
			.session = 30,
			.uid = {1000, 1001, 1002, 1003},
			.gid = {100, 101, 102, 103},
			.caught = UINT64_C(1) << 9 | UINT64_C(1) << 63},
		.start = 5000,
		.ns = {1, 2, 3, 4, 5, 6, 7, 8},
	};
}

static struct pattern pattern_of(const char *re, unsigned flags)
{
	struct pattern p;
	char why[64];

	if (pattern_compile(&p, re, flags, why, sizeof(why)) < 0) {
		printf("Bail out! %s: %s\n", re, why);
		exit(1);
	}
	return p;
}

static enum match_verdict verdict(const struct match *m, const struct proc *p)
{
	unsigned want = 0;

	return match(m, p, &want);
}

static void one_number_of_a_list_is_enough(void)
{
	uint64_t numbers[] = {1, 7};
	struct match m = {.parents = {.list = numbers, .count = 2}};
	struct proc p = somebody();

	CHECK_INT(verdict(&m, &p), MATCH_YES);
	m.parents.count = 1;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
}

static void numbers_of_a_long_list_are_found_and_no_others(void)
{
	uint64_t numbers[] = {2, 4, 4, 6, 8, 10, 12};
	struct proc p = somebody();

	for (size_t count = 0; count <= sizeof(numbers) / sizeof(*numbers); count++)
		for (pid_t n = 1; n < 14; n++) {
			struct match m = {.parents = {.list = numbers, .count = count}};
			bool in = false;

			for (size_t i = 0; i < count; i++)
				in |= numbers[i] == (uint64_t)n;
			p.status.ppid = n;
			CHECK_INT(verdict(&m, &p), in || !count ? MATCH_YES : MATCH_NO);
		}
}

static void all_criteria_have_to_hold(void)
{
	uint64_t parent = 7;
	uint64_t group = 40;
	struct match m = {
		.parents = {.list = &parent, .count = 1}, .groups = {.list = &group, .count = 1}};
	struct proc p = somebody();

	CHECK_INT(verdict(&m, &p), MATCH_YES);
	group = 41;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	m.inverse = true;
	CHECK_INT(verdict(&m, &p), MATCH_YES);
}

static void the_right_user_of_the_four_counts(void)
{
	uint64_t id = 1001;
	struct proc p = somebody();
	struct match effective = {.euids = {.list = &id, .count = 1}};
	struct match real = {.ruids = {.list = &id, .count = 1}};

	CHECK_INT(verdict(&effective, &p), MATCH_YES);
	CHECK_INT(verdict(&real, &p), MATCH_NO);
	id = 1000;
	CHECK_INT(verdict(&effective, &p), MATCH_NO);
	CHECK_INT(verdict(&real, &p), MATCH_YES);
}

static void a_command_line_has_to_match_every_argument_pattern(void)
{
	struct pattern args[] = {pattern_of("fast", 0), pattern_of("one$", 0)};
	struct pattern other = pattern_of("slow", 0);
	struct match m = {.args = args, .arg_count = 2};
	struct proc p = somebody();

	CHECK_INT(verdict(&m, &p), MATCH_YES);
	m = (struct match){.pattern = &other, .args = args, .arg_count = 1};
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	m = (struct match){.args = &other, .arg_count = 1};
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	pattern_free(&args[0]);
	pattern_free(&args[1]);
	pattern_free(&other);
}

static void all_patterns_for_the_command_line_match_a_text(void)
{
	struct pattern full = pattern_of("a", 0);
	struct pattern args[] = {pattern_of("b", 0), pattern_of("c", 0)};
	struct match m = {.pattern = &full};
	const struct bytes abc = text("abc");
	const struct bytes bc = text("bc");
	const struct bytes ab = text("ab");

	CHECK(!match_has_line(&m));
	m.full = true;
	CHECK(match_has_line(&m));
	CHECK_INT(match_line(&m, &ab), 1);
	CHECK_INT(match_line(&m, &bc), 0);
	m.args = args;
	m.arg_count = 2;
	CHECK_INT(match_line(&m, &abc), 1);
	CHECK_INT(match_line(&m, &ab), 0);
	CHECK_INT(match_line(&m, &bc), 0);
	m.full = false;
	CHECK(match_has_line(&m));
	CHECK_INT(match_line(&m, &bc), 1);
	pattern_free(&full);
	pattern_free(&args[0]);
	pattern_free(&args[1]);
}

static void a_zombie_has_another_text_than_the_living(void)
{
	static const struct {
		const char *pattern;
		enum match_verdict want;
	} rows[] = {
		{"gz", MATCH_YES},
		{"other", MATCH_NO},
		{"defunct", MATCH_UNKNOWN},
		{"z\\]$", MATCH_UNKNOWN},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct pattern pattern = pattern_of(rows[i].pattern, 0);
		struct match m = {.full = true, .pattern = &pattern};
		struct proc p = {
			.known = FACT_CMDLINE,
			.cmdline = text("[gz]"),
			.defunct = text("[gz] <defunct>"),
		};
		unsigned want = 0;

		check_row = rows[i].pattern;
		CHECK_INT(match(&m, &p, &want), rows[i].want);
		if (rows[i].want == MATCH_UNKNOWN)
			CHECK_INT(want, FACT_ALIVE);
		pattern_free(&pattern);
	}
}

static void zombies_and_spared_processes_are_left_out_of_both_sides(void)
{
	uint64_t parent = 7;
	struct procid id = {42, 4200};
	struct match m = {.parents = {.list = &parent, .count = 1}, .alive = true};
	struct proc p = somebody();
	unsigned want = 0;

	for (int inverse = 0; inverse < 2; inverse++) {
		m.inverse = inverse;
		p.status.ppid = inverse ? 8 : 7;
		p.alive = true;
		CHECK_INT(verdict(&m, &p), MATCH_YES);
		p.alive = false;
		CHECK_INT(verdict(&m, &p), MATCH_NO);
		p.alive = true;
		m.spared = (struct match_pids){.list = &id, .count = 1};
		CHECK_INT(verdict(&m, &p), MATCH_NO);
		id.inode = 4201;
		CHECK_INT(verdict(&m, &p), MATCH_YES);
		id.inode = 4200;
		p.known = ~(unsigned)FACT_INODE;
		CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
		CHECK_INT(want, FACT_INODE);
		p.known = ~0u;
		m.spared.count = 0;
	}
}

static void a_file_is_known_by_device_and_inode_and_removed_by_its_path(void)
{
	char path[] = "/bin/x";
	struct file file = {.id = {1, 10}, .path = path, .fd = -1};
	const struct files files = {&file, 1};
	struct match m = {.exes = &files};
	struct proc p = somebody();

	p.exe = (struct location){.id = {1, 10}, .path = text("/elsewhere")};
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.exe.id.dev = 2;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	p.exe = (struct location){.id = {1, 11}, .path = text("/bin/x")};
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	p.exe.removed = true;
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	// the same path in another file system
	p.exe.id.dev = 2;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	// nothing at all
	file.id.inode = 0;
	p.exe = (struct location){.path = text("")};
	CHECK_INT(verdict(&m, &p), MATCH_NO);
}

static void folders_below_are_known_by_those_above_them(void)
{
	const struct fileid above[] = {{1, 30}, {1, 20}, {1, 2}};
	char path[] = "/srv/a";
	struct file file = {.id = {1, 20}, .path = path, .below = true, .fd = -1};
	const struct files files = {&file, 1};
	struct match m = {.cwds = &files};
	struct proc p = somebody();

	p.cwd = (struct location){.id = above[0], .path = text("/srv/other/b")};
	p.folders = above;
	p.folder_count = 3;
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.folder_count = 1;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	p.cwd.removed = true;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	p.cwd.path = text("/srv/a/b");
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.cwd.path = text("/srv/a");
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.cwd.path = text("/srv/ab");
	CHECK_INT(verdict(&m, &p), MATCH_NO);
}

static void little_is_known(void)
{
	uint64_t parent = 7;
	struct pattern re = pattern_of("work", 0);
	struct match m = {.pattern = &re, .parents = {.list = &parent, .count = 1}};
	struct proc p = somebody();
	unsigned want = 0;

	CHECK_INT(match_first_look(&m), FACT_COMM);
	p.known = 0;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, FACT_IDS);
	p.known = FACT_IDS;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, FACT_COMM);
	p.known |= FACT_COMM;
	CHECK_INT(match(&m, &p, &want), MATCH_YES);
	// one that does not hold is enough to discard
	p.known = FACT_COMM;
	p.comm = text("other");
	CHECK_INT(match(&m, &p, &want), MATCH_NO);
	pattern_free(&re);
}

static void what_is_denied_is_never_accepted(void)
{
	const char *want_env = "A";
	struct match m = {.environs = {&want_env, 1}};
	struct proc p = somebody();
	unsigned want = 1;

	p.known &= ~(unsigned)FACT_ENVIRON;
	p.denied = FACT_ENVIRON;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, 0);
	m.inverse = true;
	want = 1;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, 0);
}

static void the_full_name_counts_where_comm_is_cut(void)
{
	struct pattern re = pattern_of("a-name-of-thirty-bytes-xxxxxxx", PATTERN_WHOLE);
	struct match m = {.pattern = &re};
	struct proc p = somebody();
	unsigned want = 0;

	p.comm = text("a-name-of-thirt");
	p.name = text("a-name-of-thirty-bytes-xxxxxxx");
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.known = FACT_COMM;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, FACT_NAME);
	// another thirty bytes it cannot be that begins so
	p.comm = text("b-name-of-thirt");
	CHECK_INT(match(&m, &p, &want), MATCH_NO);
	// a shorter one is whole
	p.comm = text("a-name-of-thir");
	CHECK_INT(match(&m, &p, &want), MATCH_NO);
	// as is the longer one of a kernel thread
	p.comm = text("a-name-of-thirty");
	CHECK_INT(match(&m, &p, &want), MATCH_NO);
	pattern_free(&re);
}

static void pids_are_numbers_or_exact(void)
{
	struct procid list[] = {{41, 0}, {42, 0}};
	struct match m = {.pids = {.list = list, .count = 2, .given = true}};
	struct proc p = somebody();
	unsigned want = 0;

	CHECK_INT(verdict(&m, &p), MATCH_YES);
	list[1].inode = 4200;
	CHECK_INT(verdict(&m, &p), MATCH_YES);
	p.known = 0;
	CHECK_INT(match(&m, &p, &want), MATCH_UNKNOWN);
	CHECK_INT(want, FACT_INODE);
	p.known = FACT_INODE;
	list[1].inode = 4201;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
	m.pids.count = 0;
	CHECK_INT(verdict(&m, &p), MATCH_NO);
}

static void pids_of_a_long_list_are_found_and_no_others(void)
{
	struct procid list[] = {{2, 0}, {4, 7}, {4, 9}, {4, 11}, {6, 5}, {8, 0}};
	struct match m = {
		.pids = {.list = list, .count = sizeof(list) / sizeof(*list), .given = true}};
	struct proc p = somebody();

	p.known = FACT_INODE;
	p.inode = 9;
	for (pid_t n = 1; n < 10; n++) {
		p.pid = p.leader = n;
		CHECK_INT(verdict(&m, &p), n == 2 || n == 4 || n == 8 ? MATCH_YES : MATCH_NO);
	}
}

static void cgroups_by_path_hierarchy_and_subtree(void)
{
	static const struct {
		const char *want;
		bool yes;
	} rows[] = {
		{"/a", true},
		{"/d", true},
		{"/b/c", true},
		{"/b", false},
		{"/", false},
		{"/b/**", true},
		{"/b/c/**", true},
		{"/b/c/d/**", false},
		{"/**", true},
		{"cpu:/a", true},
		{"cpuacct:/a", true},
		{"cp:/a", false},
		{"cpu,cpuacct:/a", true},
		{"cpu,cpu:/a", false},
		{"cpu:/d", false},
		{":/d", true},
		{":/a", false},
		{"name=systemd:/b/c", true},
		{"name=systemd:/b/**", true},
		{"systemd:/b/c", false},
		{"/**/c", true},
		{"/**/c/**", true},
		{"/**/b/**", true},
		{"/**/b", false},
		{"/**/b/c", true},
		{"/b/**/c", true},
		{"/**/**", true},
		{"/**/x/**", false},
		{":/**/c", false},
		{":/**/d/**", true},
		{"name=systemd:/**/c", true},
		{"/**c", false},
	};
	struct proc p = somebody();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *want = rows[i].want;
		struct match m = {.cgroups = {&want, 1}};

		check_row = want;
		CHECK_INT(verdict(&m, &p), rows[i].yes ? MATCH_YES : MATCH_NO);
	}
}

static void a_subtree_ends_at_a_slash(void)
{
	static const struct {
		const char *want;
		bool yes;
	} rows[] = {
		{"/a/**", false},
		{"/ab/**", true},
		{"/abc/**", false},
		{"/ab/c/**", false},
		{"/**", true},
		{"/ab**", false},
	};
	struct proc p = somebody();

	p.cgroup = text("0::/ab\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *want = rows[i].want;
		struct match m = {.cgroups = {&want, 1}};

		check_row = want;
		CHECK_INT(verdict(&m, &p), rows[i].yes ? MATCH_YES : MATCH_NO);
	}
}

static void environment_by_name_and_value(void)
{
	static const struct {
		const char *want;
		bool yes;
	} rows[] = {
		{"A", true},
		{"A=1", true},
		{"A=", false},
		{"A=12", false},
		{"LIS", false},
		{"LIST=a,b", true},
		{"EMPTY=", true},
		{"EMPTY", true},
		{"B", false},
	};
	struct proc p = somebody();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *want = rows[i].want;
		struct match m = {.environs = {&want, 1}};

		check_row = want;
		CHECK_INT(verdict(&m, &p), rows[i].yes ? MATCH_YES : MATCH_NO);
	}
}

static void the_other_criteria(void)
{
	const char *tty = "pts/3";
	const char *other = "pts/33";
	struct proc p = somebody();
	struct match by_tty = {.ttys = {&tty, 1}};
	struct match by_other = {.ttys = {&other, 1}};
	struct match by_state = {.states = "ZS"};
	struct match by_handler = {.handler = 10};
	struct match older = {.older = true, .older_than = 5000};
	struct match younger = {.younger = true, .younger_than = 5001};
	struct match ns = {.ns_kinds = 3, .ns = {1, 2}};

	CHECK_INT(verdict(&by_tty, &p), MATCH_YES);
	CHECK_INT(verdict(&by_other, &p), MATCH_NO);
	CHECK_INT(verdict(&by_state, &p), MATCH_YES);
	by_state.states = "R";
	CHECK_INT(verdict(&by_state, &p), MATCH_NO);
	CHECK_INT(verdict(&by_handler, &p), MATCH_YES);
	by_handler.handler = 64;
	CHECK_INT(verdict(&by_handler, &p), MATCH_YES);
	by_handler.handler = 11;
	CHECK_INT(verdict(&by_handler, &p), MATCH_NO);
	CHECK_INT(verdict(&older, &p), MATCH_YES);
	older.older_than = 4999;
	CHECK_INT(verdict(&older, &p), MATCH_NO);
	older.older_than = -1;
	CHECK_INT(verdict(&older, &p), MATCH_NO);
	CHECK_INT(verdict(&younger, &p), MATCH_NO);
	younger.younger_than = 5000;
	CHECK_INT(verdict(&younger, &p), MATCH_YES);
	CHECK_INT(verdict(&ns, &p), MATCH_YES);
	ns.ns[1] = 3;
	CHECK_INT(verdict(&ns, &p), MATCH_NO);
	// what could not be read on both sides is not equal
	ns.ns[1] = p.ns[1] = 0;
	CHECK_INT(verdict(&ns, &p), MATCH_NO);
}

static void the_option_that_fails_is_named(void)
{
	uint64_t parent = 8;
	struct pattern re = pattern_of("work", 0);
	const char *variable = "X=Y";
	bool denied = true;
	struct match m = {.pattern = &re, .parents = {.list = &parent, .count = 1}};
	struct proc p = somebody();

	CHECK_STR(match_failed_option(&m, &p, &denied), "--parent");
	CHECK(!denied);
	parent = 7;
	CHECK_STR(match_failed_option(&m, &p, &denied), NULL);
	m.environs = (struct texts){&variable, 1};
	p.denied = FACT_ENVIRON;
	p.known &= ~(unsigned)FACT_ENVIRON;
	CHECK_STR(match_failed_option(&m, &p, &denied), "--env");
	CHECK(denied);
	parent = 8;
	CHECK_STR(match_failed_option(&m, &p, &denied), "--parent");
	CHECK(!denied);
	p.comm = text("other");
	CHECK_STR(match_failed_option(&m, &p, &denied), NULL);
	pattern_free(&re);
}

static void inverted_only_what_leaves_out_in_any_case_is_named(void)
{
	struct procid one = {1, 0};
	struct procid other = {42, 0};
	bool denied = true;
	struct match m = {
		.inverse = true,
		.alive = true,
		.pids = {.list = &one, .count = 1, .given = true, .option = "--pid"},
	};
	struct proc p = somebody();

	p.alive = false;
	CHECK_STR(match_failed_option(&m, &p, &denied), "--alive");
	m.spared = (struct match_pids){.list = &other, .count = 1};
	CHECK_STR(match_failed_option(&m, &p, &denied), "--not-pid");
	// it is left out because it is the one that -p names
	one.pid = 42;
	CHECK_STR(match_failed_option(&m, &p, &denied), NULL);
	CHECK(!denied);
	m.inverse = false;
	one.pid = 1;
	CHECK_STR(match_failed_option(&m, &p, &denied), "--pid");
}

static void patterns_match_bytes_in_any_locale(void)
{
	static const struct {
		const char *re;
		unsigned flags;
		const char *text;
		bool yes;
	} rows[] = {
		{"a.b", 0,
			"a\xff"
			"b",
			true},
		{"a.b", PATTERN_WHOLE,
			"a\xff"
			"b",
			true},
		{"\xff", 0, "a\xff", true},
		{"a.*z$", 0, "a\xc3(\t\nz", true},
		{"a|ab", PATTERN_WHOLE, "ab", true},
		{"a|b", PATTERN_WHOLE, "ab", false},
		{"a)|b", PATTERN_WHOLE, "xb", false},
		{"", 0, "x", true},
		{"", PATTERN_WHOLE, "x", false},
		{"a+b", PATTERN_FIXED, "a+b", true},
		{"a+b", PATTERN_FIXED, "aab", false},
		{"A+B", PATTERN_FIXED | PATTERN_IGNORE_CASE, "a+b", true},
		{"^a$", PATTERN_FIXED | PATTERN_WHOLE, "^a$", true},
		{"{2}[\\", PATTERN_FIXED | PATTERN_WHOLE, "{2}[\\", true},
		{"^b", 0, "a\nb", false},
		{"ABC", PATTERN_IGNORE_CASE, "abc\xfe", true},
	};
	static const char *const locales[] = {"C", "C.UTF-8", "C.utf8"};

	for (size_t l = 0; l < 3; l++) {
		if (!setlocale(LC_ALL, locales[l]))
			continue;
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			struct pattern p = pattern_of(rows[i].re, rows[i].flags);

			check_row = rows[i].re;
			CHECK_INT(pattern_matches(&p, rows[i].text, strlen(rows[i].text)),
				rows[i].yes);
			pattern_free(&p);
		}
	}
	setlocale(LC_ALL, "C");
}

static void the_first_line_of_a_script_has_the_program_that_runs_it(void)
{
	static const struct {
		const char *text, *name; // NULL: no script
	} rows[] = {
		{"#!/bin/sh\necho", "sh"},
		{"#!/bin/sh", "sh"},
		{"#! \t/bin/bash -e\n", "bash"},
		{"#!perl\n", "perl"},
		{"#!/usr/bin/env python3\n", "python3"},
		{"#!/usr/bin/env -S python3 -u\n", "python3"},
		{"#!/usr/bin/env -i A=b /opt/x/node --y\n", "node"},
		{"#!/usr/bin/env\npython3\n", ""},
		{"#!/usr/bin/env -i\n", ""},
		{"#!/usr/bin/environment x\n", "environment"},
		{"#!/opt/a-shell-with-a-long-name\n", "a-shell-with-a-"},
		{"#!\n/bin/sh\n", ""},
		{"#!/bin/\n", ""},
		{"#!", ""},
		{"#", NULL},
		{"", NULL},
		{"x#!/bin/sh\n", NULL},
		{"\x7f"
		 "ELF",
			NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char name[16];

		check_row = rows[i].text;
		bool script = file_interpreter(rows[i].text, name, sizeof(name));
		CHECK_INT(script, rows[i].name != NULL);
		CHECK_STR(name, rows[i].name ? rows[i].name : "");
	}
	check_row = NULL;
}

int main(void)
{
	static const struct check_test tests[] = {
		{"of a list, one number is enough", one_number_of_a_list_is_enough},
		{"numbers of a long list are found and no others",
			numbers_of_a_long_list_are_found_and_no_others},
		{"all criteria have to hold", all_criteria_have_to_hold},
		{"the effective and the real user are told apart",
			the_right_user_of_the_four_counts},
		{"every pattern for the arguments has to match",
			a_command_line_has_to_match_every_argument_pattern},
		{"all patterns for the command line are tried on a text",
			all_patterns_for_the_command_line_match_a_text},
		{"a zombie has another text than the living",
			a_zombie_has_another_text_than_the_living},
		{"zombies and spared processes are left out, inverted or not",
			zombies_and_spared_processes_are_left_out_of_both_sides},
		{"the first line of a script has the program that runs it",
			the_first_line_of_a_script_has_the_program_that_runs_it},
		{"a file is known by device and inode, a removed one by its path",
			a_file_is_known_by_device_and_inode_and_removed_by_its_path},
		{"a folder is below those that are above it",
			folders_below_are_known_by_those_above_them},
		{"few facts discard, never accept, and name the next", little_is_known},
		{"what is denied is never accepted", what_is_denied_is_never_accepted},
		{"the full name counts where comm is cut", the_full_name_counts_where_comm_is_cut},
		{"a process is named by number, or exactly", pids_are_numbers_or_exact},
		{"pids of a long list are found and no others",
			pids_of_a_long_list_are_found_and_no_others},
		{"control groups", cgroups_by_path_hierarchy_and_subtree},
		{"the subtree of /a holds /a/b, not /ab", a_subtree_ends_at_a_slash},
		{"environments", environment_by_name_and_value},
		{"terminals, states, handlers, ages, namespaces", the_other_criteria},
		{"the option that fails is named", the_option_that_fails_is_named},
		{"inverted, only what leaves out in any case is named",
			inverted_only_what_leaves_out_in_any_case_is_named},
		{"patterns match bytes in any locale", patterns_match_bytes_in_any_locale},
	};

	return check_run(tests, sizeof(tests) / sizeof(*tests));
}
