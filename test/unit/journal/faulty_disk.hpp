#pragma once

// A disk that fails or hangs on demand: a VFS of SQLite over its own one, by the name "faulty". It does not
// wait for the metal: tests end processes, they don't cut the power.

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace postern::test {

class faulty_disk
{
public:
    static constexpr auto name = "faulty";

    // One for all tests: SQLite keeps what is registered. It works until told otherwise.
    static faulty_disk& instance()
    {
        static faulty_disk disk;
        return disk;
    }

    std::atomic<int> on_write{SQLITE_OK}; // what these answer instead of doing it
    std::atomic<int> on_sync{SQLITE_OK};
    std::atomic<int> on_read{SQLITE_OK};
    std::atomic<int> on_open{SQLITE_OK};
    std::atomic<int> sync_failures{0}; // so many syncs fail after all was written

    void repair()
    {
        on_write = on_sync = on_read = on_open = SQLITE_OK;
        sync_failures = 0;
        let_go();
    }

    void hang()
    {
        const std::lock_guard lock(mutex_);
        hangs_ = true;
    }
    void let_go()
    {
        {
            const std::lock_guard lock(mutex_);
            hangs_ = false;
        }
        changed_.notify_all();
    }
    bool has_a_victim() // somebody hangs on it
    {
        const std::lock_guard lock(mutex_);
        return hangs_ && victims_ > 0;
    }

private:
    struct file
    {
        sqlite3_file base;
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static sqlite3_file* real(sqlite3_file* f) { return reinterpret_cast<file*>(f)->real(); }
    static sqlite3_vfs* own() { return static_cast<sqlite3_vfs*>(instance().vfs_.pAppData); }

    void hang_if_told()
    {
        std::unique_lock lock(mutex_);
        ++victims_;
        changed_.wait(lock, [this] { return !hangs_; });
        --victims_;
    }

    faulty_disk()
    {
        auto* under = ::sqlite3_vfs_find(nullptr);
        vfs_ = *under; // everything that is about names goes there
        vfs_.zName = name;
        vfs_.szOsFile = static_cast<int>(sizeof(file)) + under->szOsFile;
        vfs_.pAppData = under;
        vfs_.xOpen = [](sqlite3_vfs*, const char* path, sqlite3_file* f, int flags, int* out) {
            f->pMethods = nullptr;
            if (const int rc = instance().on_open; rc != SQLITE_OK)
                return rc;
            const int rc = own()->xOpen(own(), path, real(f), flags, out);
            if (rc == SQLITE_OK)
                f->pMethods = &instance().methods_;
            return rc;
        };
        vfs_.xDelete = [](sqlite3_vfs*, const char* p, int d) { return own()->xDelete(own(), p, d); };
        vfs_.xAccess = [](sqlite3_vfs*, const char* p, int f, int* o) {
            return own()->xAccess(own(), p, f, o);
        };
        vfs_.xFullPathname = [](sqlite3_vfs*, const char* p, int n, char* o) {
            return own()->xFullPathname(own(), p, n, o);
        };

        auto& m = methods_;
        m.iVersion = 2; // no memory mapping
        m.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
        m.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
            const int rc = instance().on_read;
            return rc != SQLITE_OK ? rc : real(f)->pMethods->xRead(real(f), to, n, at);
        };
        m.xWrite = [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
            const int rc = instance().on_write;
            return rc != SQLITE_OK ? rc : real(f)->pMethods->xWrite(real(f), from, n, at);
        };
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 n) {
            return real(f)->pMethods->xTruncate(real(f), n);
        };
        m.xSync = [](sqlite3_file*, int) {
            instance().hang_if_told();
            if (instance().sync_failures > 0 && instance().sync_failures.fetch_sub(1) > 0)
                return SQLITE_IOERR_FSYNC;
            return instance().on_sync.load();
        };
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* n) {
            return real(f)->pMethods->xFileSize(real(f), n);
        };
        m.xLock = [](sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); };
        m.xUnlock = [](sqlite3_file* f, int l) { return real(f)->pMethods->xUnlock(real(f), l); };
        m.xCheckReservedLock = [](sqlite3_file* f, int* o) {
            return real(f)->pMethods->xCheckReservedLock(real(f), o);
        };
        m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
            return real(f)->pMethods->xFileControl(real(f), op, arg);
        };
        m.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
        m.xDeviceCharacteristics = [](sqlite3_file* f) {
            return real(f)->pMethods->xDeviceCharacteristics(real(f));
        };
        m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
            return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
        };
        m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
            return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
        };
        m.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
        m.xShmUnmap = [](sqlite3_file* f, int drop) { return real(f)->pMethods->xShmUnmap(real(f), drop); };
        ::sqlite3_vfs_register(&vfs_, 0);
    }

    sqlite3_vfs vfs_{};
    sqlite3_io_methods methods_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool hangs_ = false;
    int victims_ = 0;
};

} // namespace postern::test
